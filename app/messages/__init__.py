"""What people read: in Korean, Japanese and English."""
