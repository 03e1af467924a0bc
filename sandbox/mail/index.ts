export { type Mail, startMail } from './mail.ts'
export { mailboxRoutes } from './mailbox.ts'
