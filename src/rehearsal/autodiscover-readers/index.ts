import { deltaChat } from './delta-chat.ts'
import { fairemail } from './fairemail.ts'
import type { Reader } from './reader.ts'
import { snappymail } from './snappymail.ts'
import { thunderbird } from './thunderbird.ts'

export const readers: readonly Reader[] = [thunderbird, fairemail, deltaChat, snappymail]
