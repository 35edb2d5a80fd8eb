import { failure } from '../model/result.ts'
import { disk, type FileSource } from '../reading/file-source.ts'
import { noAnswer, PatientTurns } from '../reading/patient-turns.ts'
import type { CertificateFiles } from './certificate-files.ts'
import { type ReadPair, readPair } from './key-pair.ts'

/** Milliseconds that the file system may take for one pair of files. */
const patience = 20_000

/** Reads certificates and their keys from a file system, which may not answer. */
export class PairReader {
  readonly turns: PatientTurns
  readonly timeLimit: number
  readonly fingerprint: FileSource['fingerprint']
  readonly #source: Pick<FileSource, 'read'>

  /** `timeLimit` is in milliseconds, for one pair. */
  constructor(source: Pick<FileSource, 'read' | 'fingerprint'> = disk, timeLimit = patience) {
    this.turns = new PatientTurns(timeLimit)
    this.timeLimit = timeLimit
    this.fingerprint = source.fingerprint
    this.#source = source
  }

  /** Never rejects. */
  async read(files: CertificateFiles): Promise<ReadPair> {
    const pair = await this.turns.run(() => readPair(files, this.#source))
    return (
      pair ?? {
        // No file has these, so the next look reads the files again.
        fingerprints: ['no answer', 'no answer'],
        pair: failure(`${files.certificate} cannot be read: ${noAnswer}`),
      }
    )
  }

  /** Do the files still have the fingerprints with which they were read? */
  async isUnchanged(
    { certificate, key }: CertificateFiles,
    before: readonly [string, string],
  ): Promise<boolean> {
    return (await this.fingerprint(certificate)) === before[0] && (await this.fingerprint(key)) === before[1]
  }
}
