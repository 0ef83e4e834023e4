"""What an admin of each sector brings to set-up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sector:
    """An organisation that somebody sets up, and words of its sector that its pages must have."""

    label: str
    organisation: str
    #: a table to paste
    areas: str
    #: the division whose small areas are merged; empty where there are none
    merged: str
    #: whom to ring, on the form
    ring: str
    #: a theme of the pack
    theme: str


SECTORS = {
    "nhs": Sector(
        "NHS foundation trust",
        "Wendle Vale Trust",
        "Division, Area, Staff\nMedicine, Ward 1, 60\nMedicine, Ward 2, 45\nSurgery, Theatres, 90",
        "",
        "Site manager",
        "Medicines",
    ),
    "council": Sector(
        "Council",
        "Harrow Fell Council",
        "Place\tWaste and recycling\t85\nPlace\tHighways\t60\nPeople\tAdult social care\t140\nPeople\tLibraries\t38",
        "",
        "Safeguarding front door",
        "Housing and building safety",
    ),
    "children": Sector(
        "Children’s services",
        "Fernley Children’s Service",
        "Homes\tOrchard House\t12\nHomes\tMill House\t14\nSocial work\tAssessment\t48\nSocial work\tFostering\t30",
        "Homes",
        "LADO",
        "Drift and delay",
    ),
    "school": Sector(
        "School or academy trust",
        "Three Oaks Trust",
        "Hill Primary\tHill teachers\t34\nHill Primary\tKitchen\t11\nHill Primary\tSite team\t10\nDale Academy\tDale teachers\t72",
        "Hill Primary",
        "Designated safeguarding lead",
        "Child protection process",
    ),
}
