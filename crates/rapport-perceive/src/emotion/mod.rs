//! What a text shows of a feeling, and the mood of a conversation.
