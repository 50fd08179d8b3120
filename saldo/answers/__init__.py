"""What one turn says: typed blocks, composed of reviewed text and figures, and checked before they leave."""
