"""The arena of one library: its contestants and votes, who is left out, what draws battles."""

from eval.arena import Arena
from eval.ballots import Ballots
from eval.exclusions import Exclusions
from eval.models import Ballot
from eval.verdicts import Verdicts
from kb.library import SqlLibrary


class Polls:
    """Everything of the arena that a library keeps."""

    def __init__(self, library: SqlLibrary) -> None:
        self.library = library
        self._arena = Arena(library)

    @property
    def ballots(self) -> Ballots:
        """Give contestants, frozen pieces and votes."""
        return Ballots(self.library)

    @property
    def exclusions(self) -> Exclusions:
        """Give who is left out of the board."""
        return Exclusions(self.library)

    @property
    def verdicts(self) -> Verdicts:
        """Give what judges that are models said."""
        return Verdicts(self.library)

    def arena(self) -> Arena:
        """Give what draws battles; it remembers what it read, so there is one for all draws."""
        return self._arena

    def counted(self) -> list[Ballot]:
        """Give the votes that boards count: those of all who are not left out."""
        excluded = self.exclusions.excluded()
        return [each for each in self.ballots.ballots() if each.voter_id not in excluded]
