"""What an edge keeps of its cameras: pieces of recording, their index, how long they stay, clips of them."""
