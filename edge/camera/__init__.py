"""One supervised child process a camera: pictures, health and clips, with privacy masks already burnt in."""
