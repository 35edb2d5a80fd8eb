import { neitherAddressNorDomain } from './arguments.ts'
import { readAsked } from './explain/asked.ts'
import { type Explanation, explainAsked } from './explain/explanation.ts'
import { askRunning } from './explain/running.ts'
import { explanationText } from './explain/text.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface ExplainOptions {
  readonly config: string
  readonly json?: true
  /** Ask the running server, which may have an older configuration than the files. */
  readonly running?: true
  readonly adminHost: string
  readonly adminPort: number
}

/** Shows which host serves a domain, and why, and what clients get. */
export async function explain(asked: string, options: ExplainOptions, io: Io): Promise<ExitCode> {
  const { stdout, stderr } = io
  const target = readAsked(asked)
  if (!target) {
    stderr.write(`${neitherAddressNorDomain}\n`)
    return exitCodes.usage
  }
  const print = (explanation: Explanation): ExitCode => {
    stdout.write(options.json ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation))
    return explanation.servedBy === 'nobody' ? exitCodes.failure : exitCodes.ok
  }
  if (!options.running)
    return withResolver(options.config, io, async (resolver) => print(await explainAsked(target, resolver)))
  const answer = await askRunning(asked, options)
  if (answer.ok) return print(answer.value)
  stderr.write(`${answer.error}\n`)
  return exitCodes.failure
}
