import { appleQr } from './apple-qr.ts'
import { autoconfig } from './autoconfig.ts'
import { autodiscover } from './autodiscover.ts'
import { autodiscoverJson } from './autodiscover-json.ts'
import type { Format } from './format.ts'
import { mailV1 } from './mail-v1.ts'
import { mobileconfig } from './mobileconfig.ts'
import { pacc } from './pacc.ts'
import { settingsJson } from './settings-json.ts'
import { settingsText } from './settings-text.ts'
import { thunderbirdQr } from './thunderbird-qr.ts'

/** Every format. Routes, `render`, `check`, `explain` and metrics follow from this list. */
export const formats: readonly Format[] = [
  autoconfig,
  mailV1,
  autodiscover,
  autodiscoverJson,
  mobileconfig,
  appleQr,
  thunderbirdQr,
  settingsText,
  settingsJson,
  pacc,
]
