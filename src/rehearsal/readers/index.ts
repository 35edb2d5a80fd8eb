import { deltaChat } from './delta-chat.ts'
import { enoughMail } from './enough-mail.ts'
import { evolution } from './evolution.ts'
import { fairemail } from './fairemail.ts'
import { geary } from './geary.ts'
import { gnomeOnlineAccounts } from './gnome-online-accounts.ts'
import { kmail } from './kmail.ts'
import { mustang } from './mustang.ts'
import { pimalaya } from './pimalaya.ts'
import type { Reader } from './reader.ts'
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
]
