"""What operators see: /lti/check and `flask check`, from sections that features register."""
