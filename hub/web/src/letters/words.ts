/** The words of the dead letters; see words.ts. */
import type { WordPair } from "../words.ts";

export const LETTER_WORDS = {
  "letters.title": ["坏信", "Dead letters"],
  "letters.sub": ["收不进来的设备消息，{n} 封", "Device messages that could not be taken: {n}"],
  "letters.keys": ["J K 上下，R 再收一次，X 搁置", "J K up and down, R take again, X set aside"],
  "letters.empty": ["没有坏信：设备发来的都收进来了", "No dead letters: all that devices sent was taken in"],
  "letters.read": ["{at} 查过", "as of {at}"],
  "letters.old": ["下面是 {at} 的情况", "What follows is as of {at}"],
  "letters.at": ["收到", "Received"],
  "letters.device": ["设备", "Device"],
  "letters.kind": ["内容", "Kind"],
  "letters.reason": ["为什么收不进来", "Why it could not be taken"],
  "letters.more": ["再读一些", "Load more"],
  "letters.back": ["全部坏信", "All dead letters"],
  "letter.unknown": ["不知道是谁", "unknown sender"],
  "letter.topic": ["主题", "Topic"],
  "letter.size": ["大小", "Size"],
  "letter.bytes": ["{n} 字节", "{n} bytes"],
  "letter.payload": ["原文", "As it was sent"],
  "letter.payload.none": ["没有内容", "It was empty"],
  "letter.retry": ["再收一次", "Take it again"],
  "letter.retry.why": ["修好原因后按；收得进来就照常告警、立案", "After the cause is mended; if it can be taken now, it takes effect as usual"],
  "letter.drop": ["搁置", "Set aside"],
  "letter.drop.why": ["不再列出；台账留一行是谁、为什么", "It leaves this list; a line in the ledger says who did it"],
  "letter.right": ["由系统管理员做，请找他们办理", "This is for administrators; ask one of them"],
  "letter.taken": ["{device} 的这封收进来了", "The letter of {device} has been taken in"],
  "letter.dropped": ["{device} 的这封搁置了", "The letter of {device} has been set aside"],
  "what.event": ["事件", "event"],
  "what.manifest": ["文件清单", "manifest"],
  "what.scan": ["巡更", "scan"],
  "what.sos": ["求救", "call for help"],
  "what.state": ["上下线", "state"],
  "what.beat": ["心跳", "beat"],
  "what.reply": ["回复", "reply"],
} as const satisfies Record<string, WordPair>;

export type LetterWord = keyof typeof LETTER_WORDS;
