import { addressOrLocalPart, readServers, tlsAndStartTls } from './first-servers.ts'
import { account, type Reader, reject } from './reader.ts'

/** SnappyMail: SimpleXML. The first server of each direction decides, so that IMAP must come first. */
export const snappymail: Reader = {
  name: 'SnappyMail',
  needs: 'imap',
  username: 'bare placeholders only',

  read(document, asked) {
    const servers =
      readServers(document, asked, {
        socketTypes: tlsAndStartTls,
        otherwise: '',
        username: addressOrLocalPart,
      }) ?? reject('no clientConfig')
    const [incoming] = servers.incoming
    if (incoming?.type !== 'imap') reject('the first incomingServer is not IMAP')
    return account(incoming, servers.outgoing[0])
  },
}
