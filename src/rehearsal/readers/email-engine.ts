import { ofType, readServers, tlsAndStartTls } from './first-servers.ts'
import { account, fill, type Reader, reject } from './reader.ts'

/** EmailEngine: the first IMAP and the first SMTP server. */
export const emailEngine: Reader = {
  name: 'EmailEngine',
  needs: 'imap',
  username: 'as written',

  read(document, asked) {
    const servers =
      readServers(document, asked, { socketTypes: tlsAndStartTls, otherwise: 'plain', username: fill }) ??
      reject('no emailProvider')
    return account(ofType(servers.incoming, 'imap'), ofType(servers.outgoing, 'smtp'))
  },
}
