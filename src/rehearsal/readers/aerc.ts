import { ofType, readServers, tlsAndStartTls } from './first-servers.ts'
import { account, type Reader, reject } from './reader.ts'

/** aerc: Go's encoding/xml. It takes the first IMAP server and the last outgoing server of any type, and always the address. */
export const aerc: Reader = {
  name: 'aerc',
  needs: 'imap',
  username: 'never read',

  read(document, asked) {
    const servers =
      readServers(document, asked, {
        socketTypes: tlsAndStartTls,
        otherwise: 'plain',
        username: (_, { address }) => address,
      }) ?? reject('no emailProvider')
    return account(ofType(servers.incoming, 'imap'), servers.outgoing.at(-1))
  },
}
