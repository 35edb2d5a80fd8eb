/**
 * Every check, and what it looks for. The ids never change, because monitoring systems know them. An id names the problem; the
 * words are those of RFC 8460, section 4.3, where it has them.
 */
export const checkIds = {
  'domain-not-served': 'the configuration has no host for the domain',
  'host-not-found': 'a name has no address (A, AAAA)',
  'connection-failed': 'an address of a server accepts no connection',
  'wrong-socket-type': 'a server has TLS from the first byte where STARTTLS is advertised, or the opposite',
  'unexpected-answer': 'a server does not greet and answer as its protocol requires',
  'starttls-not-supported': 'STARTTLS is advertised, and the server does not offer it',
  'tls-handshake-failed': 'no TLS connection is possible with TLS 1.2 or newer',
  'certificate-not-trusted': 'no authority of the system or of --ca issued the certificate',
  'certificate-host-mismatch': 'the certificate does not contain the advertised name',
  'certificate-expired': 'a certificate has expired, or is not valid yet',
  'certificate-expires-soon':
    'the certificate ends in less than 21 days, or in the last third of its life if that is shorter',
  'old-tls-accepted': 'a server accepts TLS 1.0 or 1.1',
  'plaintext-accepted': 'a server accepts passwords before STARTTLS',
  'authentication-not-offered': 'a server does not offer an advertised authentication method',
  'message-size-differs': 'the SIZE of the outgoing server is not limits.messageSize',
  'dns-lookup-failed': 'the name servers do not answer for a name',
  'dns-record-missing': 'a record that `dns` prints does not exist',
  'dns-record-differs': 'a record exists with another value than `dns` prints',
  'dns-record-extra': 'a record leads clients somewhere that the configuration does not name',
  'cname-chain-broken': 'a CNAME leads to a name without addresses',
  'mx-elsewhere': 'the mail of the domain is received by another host than the advertised one',
  'dnssec-invalid':
    'the DNSSEC signatures of a name are not valid, so that name servers that validate do not answer',
  'dnssec-not-authenticated': 'the answers about the domain are not authenticated by DNSSEC',
  'tlsa-invalid': 'no TLSA record of a port is that of the certificate in use (RFC 6698)',
  'sts-policy-found': 'the domain has an MTA-STS policy (RFC 8461)',
  'sts-policy-fetch-error': 'the MTA-STS policy cannot be fetched',
  'sts-policy-invalid': 'the MTA-STS policy does not have the required fields',
  'sts-mx-not-listed': 'the MTA-STS policy does not list an MX of the domain',
  'caa-forbids-authority': 'a CAA record does not allow the authority of the certificate in use (RFC 8659)',
  'answer-differs': 'a name of this service answers with another document than `render` prints',
  'foreign-answer': 'somebody else answers at a URL that clients ask, so that they stop there',
  'login-failed': 'a server rejects the login that is advertised',
  'running-differs': 'the running server serves other settings than the files say',
} as const satisfies Readonly<Record<string, string>>

export type CheckId = keyof typeof checkIds
