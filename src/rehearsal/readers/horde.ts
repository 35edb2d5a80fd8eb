import { readServers, tlsAndStartTls } from './first-servers.ts'
import { account, fill, type Reader, reject } from './reader.ts'

/**
 * Horde's Mail_Autoconfig 1.0.3: SimpleXML. It lists all servers in the order of the document and offers the first, and does
 * not know `%EMAILDOMAIN%`.
 */
export const horde: Reader = {
  name: 'Horde',
  username: 'as written',

  read(document, asked) {
    const servers =
      readServers(document, asked, {
        socketTypes: tlsAndStartTls,
        otherwise: 'plain',
        username: (text, asked) => fill(text, { ...asked, domain: '%EMAILDOMAIN%' }),
      }) ?? reject('no emailProvider')
    return account(servers.incoming[0], servers.outgoing[0])
  },
}
