/** The nineteen reasons of «Digital-агентство» with their rules (S3-27). */
import type { PresetCard } from './preset.ts'
import { option, text } from './wording.ts'

export const reason: PresetCard['reason'] = {
  code: 'DG_REASON',
  title: text('Причина отказа лида', 'Reason of refusal'),
  options: [
    { ...option('not-lead', 'Не лид', 'Not a lead'), guidance: text('Ошибка телефонии, не туда попали или нам что-то предлагают.', 'A telephony error, a wrong number, or somebody offers us something.'), fault: 'nobody' },
    { ...option('min-budget', 'Не устраивает минимальный бюджет', 'Our minimum budget does not suit'), guidance: text('Клиент ждал цену в разы ниже. Прежде чем отказать, назовите самую малую услугу.', 'The client expected a price many times lower. Name the smallest service before you refuse.'), fault: 'client' },
    { ...option('active-client', 'Действующий клиент (ошибка колл-центра)', 'Active client (call centre error)'), guidance: text('Передайте обращение аккаунт-менеджеру клиента.', 'Pass the request on to the client’s account manager.'), fault: 'call-centre' },
    { ...option('misinformed', 'Колл-центр некорректно проконсультировал', 'Misinformed by the call centre'), guidance: text('Назвали не те цены или условия, и исправить это уже нельзя. Укажите в комментарии, что именно сказали.', 'Wrong prices or terms were named and it cannot be mended. Say in the comment what was told.'), commentRequired: true, fault: 'call-centre' },
    { ...option('pushed', 'Продавлен колл-центром, ничего не нужно', 'Pushed by the call centre, needs nothing'), guidance: text('У клиента всё есть, поговорить его уговорили. Ссылка на запись звонка поможет разобраться.', 'The client has everything and was talked into the conversation. A link to the recording helps.'), fault: 'call-centre' },
    { ...option('hiding', 'Переносит встречу, не берёт трубку, скрывается', 'Postpones, does not answer, hides'), guidance: text('Только после более чем трёх попыток дозвониться в разное время.', 'Only after more than three attempts to call, at different hours.'), attemptsNeeded: 4, fault: 'client' },
    { ...option('no-site-work', 'Категорически не хочет работать с сайтом', 'Will not have the site worked on'), guidance: text('В штыки принимает критику, не хочет аудита и не признаёт, что сайт влияет на число заявок. Покажите один пример до и после.', 'Rejects criticism and an audit, and denies that the site matters. Show one example before and after.'), fault: 'client' },
    { ...option('mistaken', 'Ошибочно входящий клиент', 'Came by mistake'), guidance: text('Нужна наружная реклама или баннеры для неё.', 'Wants outdoor advertising or banners for it.'), fault: 'marketing' },
    { ...option('not-our-service', 'Услуга нам не интересна', 'A service we do not take'), guidance: text('Только баннеры, доработки или хостинг. Можно посоветовать партнёра.', 'Only banners, small changes or hosting. You may recommend a partner.'), fault: 'nobody' },
    { ...option('offer-postponed', 'Подготовка КП отложена больше двух недель', 'The offer is put off by more than two weeks'), guidance: text('Клиент уехал или вернётся к вопросу позже. Лид сам вернётся в работу через две недели.', 'The client is away or will come back to it. The lead returns to work by itself after two weeks.'), fault: 'client', returnAfterDays: 14 },
    { ...option('very-small', 'Очень маленький клиент', 'Very small client'), guidance: text('Торты на заказ, ремонт стиральных машин и подобное.', 'Cakes to order, repair of washing machines and the like.'), fault: 'nobody' },
    { ...option('site-builder', 'Сайт на конструкторе или языке, с которым не работаем', 'Site on a builder or in a language we do not work with'), guidance: text('Проверьте, на чём сделан сайт, и укажите это в комментарии.', 'Check what the site is made with and write it down.'), commentRequired: true, fault: 'nobody' },
    { ...option('no-delegation', 'Не готов делегировать', 'Not ready to delegate'), guidance: text('Настаивает на своём ТЗ без права правки и ждёт только технического исполнения.', 'Insists on his own specification without changes and wants technical hands only.'), fault: 'client' },
    { ...option('illusions', 'Ложные представления об эффективности', 'Illusions about effectiveness'), guidance: text('Хочет быть только на первых местах поиска или раскручивать бренд через контекст. Один раз объясните, на чём основан прогноз.', 'Wants first places only, or a brand through paid search. Explain once what a forecast rests on.'), fault: 'client' },
    { ...option('inadequate', 'Неадекватный клиент', 'Impossible client'), guidance: text('Хамит, истерит. Прислушайтесь к себе: лучше отказать, чем привести такого клиента коллегам.', 'Rude or hysterical. Trust your feeling: better refuse than bring him to your colleagues.'), fault: 'client' },
    {
      ...option('reputation', 'Плохая репутация компании или заказчика', 'Bad reputation'),
      guidance: text(
        'Обязательно посмотрите отзывы. Если они плохие, откажите тактично: репутацию исправить сложно, но можно, посоветуйте SERM. Новичкам стоит посоветоваться со старшим коллегой. Неадекватному клиенту можно выставить заградительное КП с большой суммой, не создавая сделку.',
        'Be sure to read the reviews. If they are bad, refuse tactfully: a reputation is hard to mend but it can be done, recommend SERM. New managers ask a senior colleague. An impossible client may get a prohibitive offer with a large sum, without a deal.',
      ),
      evidence: text('Ссылка на отзывы', 'Link to the reviews'),
      commentRequired: true,
      fault: 'client',
    },
    { ...option('startup', 'Стартап', 'Start-up'), guidance: text('Не может назвать, чем лучше других, нет информации и контента. Если это последние деньги или кредит — не берём. Исключение: дочерние организации крупных фирм.', 'Cannot say what is better about him, no information, no content. If it is his last money or a loan, we do not take it. Exception: subsidiaries of large firms.'), evidence: text('Почему это не дочерняя организация крупной фирмы', 'Why it is not a subsidiary of a large firm'), commentRequired: true, fault: 'nobody' },
    { ...option('person', 'Физическое лицо', 'Private person'), fault: 'nobody' },
    { ...option('other', 'Другое (подробно в комментарии)', 'Other (details in the comment)'), commentRequired: true },
  ],
}
