/** Where a person opens an item of the CRM on his portal: as a portal path it works in every window of the portal. */
export type CrmKind = 'lead' | 'deal' | 'contact' | 'company'

export const crmUrl = (domain: string, kind: CrmKind, id: number, protocol: 'http' | 'https' = 'https'): string => `${protocol}://${domain}/crm/${kind}/details/${id}/`
