"""What a support agent reads beside a draft."""
