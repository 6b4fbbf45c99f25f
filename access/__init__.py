"""What people can reach there and back, what they miss, what would help, and at what price."""
