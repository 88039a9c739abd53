"""Results: put together once behind the disclosure gate, frozen, released, and looked at by those who may."""
