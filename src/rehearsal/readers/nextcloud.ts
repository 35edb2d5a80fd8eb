import { ofType, readServers } from './first-servers.ts'
import { account, fill, type Reader, reject } from './reader.ts'

/** Nextcloud Mail: SimpleXML, IMAP and SMTP only, placeholders in usernames only. `tls` in any case means STARTTLS. */
export const nextcloud: Reader = {
  name: 'Nextcloud Mail',
  needs: 'imap',
  username: 'as written',

  read(document, asked) {
    const servers =
      readServers(document, asked, {
        socketTypes: { ssl: 'SSL', starttls: 'STARTTLS', tls: 'STARTTLS' },
        otherwise: 'plain',
        username: fill,
      }) ?? reject('no emailProvider')
    return account(ofType(servers.incoming, 'imap'), ofType(servers.outgoing, 'smtp'))
  },
}
