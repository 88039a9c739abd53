"""An instructor places activities in a course page by deep linking; copied courses find theirs again."""
