"""English given names: whose they mostly are, and which are short for which."""

from __future__ import annotations

from functools import cache

__all__ = ["given_gender", "pet_names"]

_MALE = frozenset(
    """
    Aaron Abel Abraham Adam Adrian Alan Albert Alec Alexander Alfred Allan Ambrose Amos Andrew Angus Anthony Archibald
    Archie Arnold Arthur Augustus Barnaby Bartholomew Ben Benjamin Bernard Bill Billy Bob Boris Brian Bruce Caleb Charles
    Charley Charlie Christopher Clarence Claude Clement Clifford Colin Cornelius Cuthbert Cyril Daniel David Denis
    Dick Dmitri Donald Dorian Douglas Duncan Ebenezer Edgar Edmund Edward Edwin Eric Ernest Eugene Evelyn Ezra Felix
    Ferdinand Francis Frank Fred Frederick Gabriel Geoffrey George Gerald Gilbert Giles Godfrey Gordon Graham Gregory Guy
    Harold Harry Hector Henry Herbert Hercules Horace Howard Hubert Huck Huckleberry Hugh Humphrey Isaac Ivan Jack Jacob
    James Jasper Jem Jeremiah Jerome Jerry Jim Jimmy Job Joe Joel John Johnny Jonah Jonas Jonathan Joseph Joshua
    Jude Julian Julius Keith Kenneth Lancelot Laurence Lawrence Leo Leonard Leopold Lewis Lionel Louis Lucas Luke Mark
    Marmaduke Martin Matthew Maurice Michael Miles Moses Nathan Nathaniel Ned Nicholas Nigel Noah Oliver Oscar Oswald Owen
    Patrick Paul Percy Peter Phil Philip Phineas Pierre Pip Quentin Ralph Randolph Raphael Raymond Reginald Richard Robert
    Robin Roderick Roger Roland Ronald Rupert Samuel Sam Saul Sebastian Septimus Sherlock Sid Sidney Silas Simon Solomon
    Stephen Steven Stuart Sydney Ted Terence Theodore Thomas Tim Timothy Tobias Toby Tom Tommy Uriah Victor Vincent
    Walter Watson Wilfred Will William Willie Willy
    """.split()  # noqa: SIM905
)
_FEMALE = frozenset(
    """
    Abigail Ada Adelaide Adele Agatha Agnes Alice Alicia Amanda Amelia Amy Anastasia Angela Ann Anna Anne Annie Antonia
    Arabella Augusta Aurora Barbara Beatrice Becky Belinda Bella Bertha Bess Bessie Betsy Betty Blanche Bridget Camilla
    Caroline Catherine Cecilia Celia Charlotte Christina Clara Clarissa Claudia Constance Cora Cordelia Daisy Deborah
    Diana Dinah Dolly Dora Dorothea Dorothy Edith Effie Eleanor Eliza Elizabeth Ella Ellen Elinor Elsie Emily Emma Esther
    Ethel Eugenia Eva Eve Evelina Fanny Flora Florence Frances Georgiana Gertrude Grace Hannah Harriet Helen Henrietta
    Hester Hetty Hilda Honoria Ida Irene Isabel Isabella Jane Janet Jean Jemima Jenny Jessica Jessie Joan Jo Josephine
    Judith Julia Juliet Kate Katharine Katherine Kathleen Kitty Laura Lavinia Leonora Letitia Lilian Lillian Lily Lizzie
    Lizzy Lottie Louisa Louise Lucinda Lucy Lydia Mabel Madeline Maggie Margaret Margery Maria Marian Marianne Marie
    Marion Martha Mary Matilda Maud May Meg Mercy Mildred Millicent Mina Minnie Miranda Miriam Molly Nancy Nellie Nell
    Nora Olivia Ophelia Pamela Patience Patty Pauline Peggy Penelope Phoebe Polly Priscilla Prudence Rachel Rebecca
    Rosa Rosalind Rosamond Rose Rosie Ruth Sally Sarah Selina Sibyl Sophia Sophy Stella Susan Susanna Susie Sylvia Theresa
    Tess Ursula Vanessa Vera Victoria Viola Violet Virginia Winifred
    """.split()  # noqa: SIM905
)
_PET_NAMES = {
    "Lizzy": "Elizabeth", "Lizzie": "Elizabeth", "Eliza": "Elizabeth", "Bess": "Elizabeth", "Betsy": "Elizabeth",
    "Betty": "Elizabeth", "Kitty": "Catherine Katharine Katherine", "Kate": "Catherine Katharine Katherine",
    "Tom": "Thomas", "Tommy": "Thomas", "Bill": "William", "Billy": "William", "Will": "William", "Willie": "William",
    "Bob": "Robert", "Rob": "Robert", "Dick": "Richard", "Jim": "James", "Jimmy": "James", "Jem": "James",
    "Jack": "John", "Johnny": "John", "Joe": "Joseph", "Sam": "Samuel", "Ned": "Edward", "Ted": "Edward",
    "Harry": "Henry Harold", "Charley": "Charles", "Charlie": "Charles", "Fred": "Frederick Alfred", "Ben": "Benjamin",
    "Sid": "Sidney", "Huck": "Huckleberry", "Peggy": "Margaret", "Meg": "Margaret", "Maggie": "Margaret",
    "Polly": "Mary", "Molly": "Mary", "Fanny": "Frances", "Sally": "Sarah", "Nell": "Ellen Eleanor Helen",
    "Nelly": "Ellen Eleanor Helen", "Nancy": "Ann Anne", "Annie": "Ann Anne", "Becky": "Rebecca", "Jenny": "Jane Jennifer",
    "Amy": "Amelia", "Sophy": "Sophia", "Jo": "Josephine", "Phil": "Philip", "Pip": "Philip", "Archie": "Archibald",
    "Mina": "Wilhelmina", "Hetty": "Hester Henrietta", "Cathy": "Catherine Katharine",
    "Teddy": "Theodore Edward", "Art": "Arthur", "Lottie": "Charlotte", "Bessie": "Elizabeth", "Nat": "Nathaniel",
    "Kit": "Christopher", "Dan": "Daniel", "Dave": "David", "Mike": "Michael", "Pat": "Patrick", "Steve": "Stephen",
    "Tony": "Anthony", "Frank": "Francis Franklin", "Hal": "Henry Harold", "Abe": "Abraham", "Ike": "Isaac", "Dolly": "Dorothy", "Effie": "Euphemia", "Tim": "Timothy",
}  # fmt: skip


def given_gender(name: str) -> str:
    """male or female, as a given name mostly is; "" where the list does not hold it."""
    return "male" if name in _MALE else "female" if name in _FEMALE else ""


@cache
def pet_names() -> dict[str, tuple[str, ...]]:
    """The full names that a pet name is short for."""
    return {short: tuple(full.split()) for short, full in _PET_NAMES.items()}
