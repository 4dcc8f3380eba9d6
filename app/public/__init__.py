"""What customers see: our commitments and how they are kept, coming changes, suggestions. Signs nobody in."""
