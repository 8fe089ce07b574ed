/** The words of live pictures; see words.ts. */
import type { WordPair } from "../words.ts";

export const LIVE_WORDS = {
  "live.codecs": ["直播", "Live"],
  "live.files": ["缓冲", "Buffered"],
  "live.stills": ["图片", "Stills"],
  "live.codecs.why": ["逐帧解码，延时 {n}\u2009秒", "Decoded picture by picture, {n}\u2009s behind"],
  "live.files.why": ["浏览器不能逐帧解码，按缓冲播放，延时 {n}\u2009秒", "This browser cannot decode picture by picture: buffered, {n}\u2009s behind"],
  "live.files.http": ["这一页没走 https，只能按缓冲播放，延时 {n}\u2009秒", "This page did not come by https, so buffered, {n}\u2009s behind"],
  "live.stills.why": ["现在只有图片", "Only stills now"],
  "live.stills.codec": ["浏览器放不了这台的编码，只有图片", "This browser cannot play what the camera sends: stills only"],
  "live.http": ["没走 https，画面慢一些；请从 https 打开", "Not by https: slower pictures. Open it by https"],
  "live.all": ["全部画面", "All views"],
  "live.sixteen": ["16 路", "16 views"],
  "live.plan": ["回到平面图", "Back to the plan"],
  "live.whole": ["放大 {name}", "Enlarge {name}"],
  "turn.title": ["转动摄像机", "Turn this camera"],
  "turn.left": ["向左", "Left"],
  "turn.right": ["向右", "Right"],
  "turn.up": ["向上", "Up"],
  "turn.down": ["向下", "Down"],
  "turn.nearer": ["拉近", "Nearer"],
  "turn.farther": ["拉远", "Farther"],
  "turn.end": ["归位", "Let it go home"],
  "turn.mine": ["您在操作，{n}\u2009秒后归位；离开原位时防区不值守", "You have it; home in {n}\u2009s. While it is away its zones do not watch"],
  "turn.held": ["{who} 在操作，{n}\u2009秒后归位", "{who} has it; home in {n}\u2009s"],
  "turn.trouble": ["前端没有照做：{why}", "Its edge did not do it: {why}"],
  "turn.free": ["按一下即开始操作", "Press to take it"],
} as const satisfies Record<string, WordPair>;

export type LiveWord = keyof typeof LIVE_WORDS;
