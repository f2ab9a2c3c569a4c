//! Dialect, jargon and sound: canonical terms, their variants, and pinyin.
