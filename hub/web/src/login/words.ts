/** The words of the log-in; see words.ts. */
import type { WordPair } from "../words.ts";

export const LOGIN_WORDS = {
  "login.title": ["登录", "Log in"],
  "login.user": ["用户名", "User"],
  "login.password": ["密码", "Password"],
  "login.enter": ["登录", "Log in"],
  "login.busy": ["登录中", "Logging in"],
  "login.demo": ["演示账号", "Demo log-ins"],
  "login.demo.why": ["点一个就进；只在本机演示时有", "One press logs in; only in a demo on this machine"],
} as const satisfies Record<string, WordPair>;

export type LoginWord = keyof typeof LOGIN_WORDS;
