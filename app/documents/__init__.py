"""The catalogue of document kinds (文书): pure data, no database."""

from app.documents.catalogue import KINDS, Block, blocks, fitting
from app.documents.shape import Column, Kind, Section

__all__ = ["KINDS", "Block", "Column", "Kind", "Section", "blocks", "fitting"]
