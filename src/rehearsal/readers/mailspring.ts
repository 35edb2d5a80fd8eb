import { addressOrLocalPart, ofType, readServers, tlsAndStartTls } from './first-servers.ts'
import { account, type Reader, reject } from './reader.ts'

/** Mailspring: xml2js. It knows `%EMAILLOCALPART%`, and takes the address for every other username. */
export const mailspring: Reader = {
  name: 'Mailspring',
  needs: 'imap',
  username: 'bare placeholders only',

  read(document, asked) {
    const servers =
      readServers(document, asked, {
        socketTypes: tlsAndStartTls,
        otherwise: 'plain',
        username: addressOrLocalPart,
      }) ?? reject('no emailProvider')
    return account(ofType(servers.incoming, 'imap'), ofType(servers.outgoing, 'smtp'))
  },
}
