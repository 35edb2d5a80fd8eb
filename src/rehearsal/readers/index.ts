import { aerc } from './aerc.ts'
import { deltaChat } from './delta-chat.ts'
import { emailEngine } from './email-engine.ts'
import { enoughMail } from './enough-mail.ts'
import { evolution } from './evolution.ts'
import { fairemail } from './fairemail.ts'
import { geary } from './geary.ts'
import { gnomeOnlineAccounts } from './gnome-online-accounts.ts'
import { horde } from './horde.ts'
import { kmail } from './kmail.ts'
import { mailspring } from './mailspring.ts'
import { mustang } from './mustang.ts'
import { nextcloud } from './nextcloud.ts'
import { pimalaya } from './pimalaya.ts'
import type { Reader } from './reader.ts'
import { snappymail } from './snappymail.ts'
import { thunderbird } from './thunderbird.ts'
import { thunderbirdAndroid } from './thunderbird-android.ts'
import { thunderbirdIos } from './thunderbird-ios.ts'

export const readers: readonly Reader[] = [
  thunderbird,
  thunderbirdAndroid,
  thunderbirdIos,
  pimalaya,
  evolution,
  fairemail,
  geary,
  mustang,
  deltaChat,
  kmail,
  gnomeOnlineAccounts,
  enoughMail,
  horde,
  nextcloud,
  snappymail,
  mailspring,
  aerc,
  emailEngine,
]
