"""The pages of a buyer: HTML over the same use cases as `/buyer/v1`, for a browser with the session in a cookie."""
