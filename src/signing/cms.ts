import { Null, OctetString } from 'asn1js'
import * as pkijs from 'pkijs'
import type { SigningIdentity } from './signing-identity.ts'

/** OIDs of RFC 5652: section 4 (id-data), 5.1 (id-signedData), 11.1 and 11.2 (attributes). */
const oids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
} as const

const hash = 'SHA-256'

/**
 * CMS SignedData (RFC 5652) in DER with the content and the signer's chain, which is what Apple devices read as a signed
 * profile. It contains no signing time, so that RSA always signs the same content with the same bytes.
 */
export async function signCms(content: Uint8Array, identity: SigningIdentity): Promise<Uint8Array> {
  const { algorithm: name } = identity
  const { certificates, signer, key } = await loadIdentity(identity)
  const encapContentInfo = new pkijs.EncapsulatedContentInfo({ eContentType: oids.data })
  // The constructor would split it into pieces, which DER forbids (X.690, section 10.2).
  encapContentInfo.eContent = new OctetString({ valueHex: content as Uint8Array<ArrayBuffer> })
  const sid = new pkijs.IssuerAndSerialNumber({ issuer: signer.issuer, serialNumber: signer.serialNumber })
  const signerInfo = new pkijs.SignerInfo({ version: 1, sid })
  const signedData = new pkijs.SignedData({
    version: 1,
    encapContentInfo,
    signerInfos: [signerInfo],
    certificates,
  })
  await signedData.sign(key, 0, hash)
  // RFC 5754, section 3.2: with RSA, the parameters are NULL, not absent.
  if (name !== 'ECDSA') signerInfo.signatureAlgorithm.algorithmParams = new Null()
  const whole = new pkijs.ContentInfo({ contentType: oids.signedData, content: signedData.toSchema(true) })
  return new Uint8Array(whole.toSchema().toBER(false))
}

interface ParsedIdentity {
  readonly certificates: pkijs.Certificate[]
  readonly signer: pkijs.Certificate
  readonly key: Awaited<ReturnType<typeof crypto.subtle.importKey>>
}

/** Reading the certificates costs as much as a signature. A reload makes new identities, and the old ones are garbage. */
const parsed = new WeakMap<SigningIdentity, Promise<ParsedIdentity>>()

/** Reads the certificates and the key, once. */
export function loadIdentity(identity: SigningIdentity): Promise<ParsedIdentity> {
  const known = parsed.get(identity) ?? parse(identity)
  parsed.set(identity, known)
  return known
}

async function parse({
  certificates: chain,
  key,
  algorithm: name,
  namedCurve,
}: SigningIdentity): Promise<ParsedIdentity> {
  const certificates = chain.map((der) => pkijs.Certificate.fromBER(der as Uint8Array<ArrayBuffer>))
  const [signer] = certificates as [pkijs.Certificate]
  const algorithm = { name, ...(namedCurve === undefined ? { hash } : { namedCurve }) }
  return {
    ...{ certificates, signer },
    key: await crypto.subtle.importKey('pkcs8', key as Uint8Array<ArrayBuffer>, algorithm, false, ['sign']),
  }
}
