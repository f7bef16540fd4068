"""The texts that people read, in Korean, Japanese and English."""
