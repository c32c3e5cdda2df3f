"""The ground path: signed bytes to every connected site, receipts back."""
