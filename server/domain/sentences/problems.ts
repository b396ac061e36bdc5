/** What is wrong with a regulation, in plain words for the administrator. */
import type { Problem } from '../lint.ts'

/** One short clause without a full stop. */
export const problemSentence = (problem: Problem, language: 'ru' | 'en'): string => (language === 'en' ? english(problem) : russian(problem))

const russian = (problem: Problem): string => {
  switch (problem.kind) {
    case 'no-step': return 'нет ни одного рабочего шага'
    case 'missing-stage': return `на портале нет стадии ${problem.stageId}`
    case 'missing-field': return `на портале нет поля ${problem.field}`
    case 'missing-user': return `сотрудник № ${problem.userId} не работает в компании`
    case 'missing-fallback': return `запасной ответственный (№ ${problem.userId}) не работает в компании`
    case 'empty-pool': return 'в отделе, который получает лиды, нет сотрудников'
    case 'duplicate-code': return `код ${problem.code} встречается дважды`
    case 'duplicate-stage': return `на стадии ${problem.stageId} стоят два шага`
    case 'missing-option-value': return `у варианта ${problem.option} в списке ${problem.code} нет значения на портале`
    case 'no-options': return `в списке ${problem.code} нет вариантов`
    case 'wrong-span': return `срок ${problem.span} записан неверно`
    case 'impossible-deadline': return 'в рабочем календаре портала нет рабочего времени'
    case 'no-exit': return `с шага ${problem.stepId} некуда перейти`
    case 'unreachable-step': return `на шаг ${problem.stepId} нельзя попасть`
    case 'wrong-number': return `число ${problem.setting} задано неверно`
  }
}

const english = (problem: Problem): string => {
  switch (problem.kind) {
    case 'no-step': return 'there is no working step'
    case 'missing-stage': return `the portal has no stage ${problem.stageId}`
    case 'missing-field': return `the portal has no field ${problem.field}`
    case 'missing-user': return `employee no. ${problem.userId} does not work here`
    case 'missing-fallback': return `the fallback person (no. ${problem.userId}) does not work here`
    case 'empty-pool': return 'the department that receives the leads has no employees'
    case 'duplicate-code': return `the code ${problem.code} is there twice`
    case 'duplicate-stage': return `two steps stand on the stage ${problem.stageId}`
    case 'missing-option-value': return `the option ${problem.option} of the list ${problem.code} has no value on the portal`
    case 'no-options': return `the list ${problem.code} has no options`
    case 'wrong-span': return `the term ${problem.span} is not well formed`
    case 'impossible-deadline': return 'the portal’s calendar has no working time'
    case 'no-exit': return `nothing leads on from the step ${problem.stepId}`
    case 'unreachable-step': return `nothing leads to the step ${problem.stepId}`
    case 'wrong-number': return `the number ${problem.setting} is out of range`
  }
}
