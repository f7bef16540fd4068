"""Files of orders and parcels as other systems export them: their formats, their columns and their cells."""
