"""Category → Feed → bytes."""
