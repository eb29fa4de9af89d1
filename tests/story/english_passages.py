"""Scenes of English classics in the public domain, shortened, with the speaker before each quote.

The rules were made on WORKED_ON; of these Barrie and both Brontës were first measured unseen (62 of 75
right) and then worked on too. HELD_OUT was labelled afterwards, and no rule was made on it.
"""

from __future__ import annotations

__all__ = ["HELD_OUT", "WORKED_ON"]

# fmt: off
WORKED_ON: dict[str, str] = {
    "Austen": """It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a wife.

However little known the feelings or views of such a man may be on his first entering a neighbourhood, this truth is so well fixed in the minds of the surrounding families, that he is considered as the rightful property of some one or other of their daughters.

⟦Mrs. Bennet⟧“My dear Mr. Bennet,” said his lady to him one day, ⟦Mrs. Bennet⟧“have you heard that Netherfield Park is let at last?”

Mr. Bennet replied that he had not.

⟦Mrs. Bennet⟧“But it is,” returned she; ⟦Mrs. Bennet⟧“for Mrs. Long has just been here, and she told me all about it.”

Mr. Bennet made no answer.

⟦Mrs. Bennet⟧“Do not you want to know who has taken it?” cried his wife impatiently.

⟦Mr. Bennet⟧“You want to tell me, and I have no objection to hearing it.”

This was invitation enough.

⟦Mrs. Bennet⟧“Why, my dear, you must know, Mrs. Long says that Netherfield is taken by a young man of large fortune from the north of England.”

⟦Mr. Bennet⟧“What is his name?”

⟦Mrs. Bennet⟧“Bingley.”

⟦Mr. Bennet⟧“Is he married or single?”

⟦Mrs. Bennet⟧“Oh! single, my dear, to be sure! A single man of large fortune; four or five thousand a year. What a fine thing for our girls!”

⟦Mr. Bennet⟧“How so? how can it affect them?”

⟦Mrs. Bennet⟧“My dear Mr. Bennet,” replied his wife, ⟦Mrs. Bennet⟧“how can you be so tiresome! You must know that I am thinking of his marrying one of them.”

⟦Mr. Bennet⟧“Is that his design in settling here?”

⟦Mrs. Bennet⟧“Design! nonsense, how can you talk so! But it is very likely that he may fall in love with one of them, and therefore you must visit him as soon as he comes.”

Mr. Bennet was so odd a mixture of quick parts, sarcastic humour, reserve, and caprice, that the experience of three and twenty years had been insufficient to make his wife understand his character. Mrs. Bennet was a woman of mean understanding, little information, and uncertain temper. The business of Mrs. Bennet's life was to get her daughters married.

Mr. Bennet was among the earliest of those who waited on Mr. Bingley. He had always intended to visit him. Observing his second daughter employed in trimming a hat, he suddenly addressed her with,

⟦Mr. Bennet⟧“I hope Mr. Bingley will like it, Lizzy.”

⟦Mrs. Bennet⟧“We are not in a way to know what Mr. Bingley likes,” said her mother resentfully, ⟦Mrs. Bennet⟧“since we are not to visit.”

⟦Elizabeth⟧“But you forget, mama,” said Elizabeth, ⟦Elizabeth⟧“that we shall meet him at the assemblies, and that Mrs. Long has promised to introduce him.”

⟦Mrs. Bennet⟧“I do not believe Mrs. Long will do any such thing. She has two nieces of her own. She is a selfish, hypocritical woman, and I have no opinion of her.”

⟦Mr. Bennet⟧“No more have I,” said Mr. Bennet; ⟦Mr. Bennet⟧“and I am glad to find that you do not depend on her serving you.”

Mrs. Bennet deigned not to make any reply; but, unable to contain herself, began scolding one of her daughters.

⟦Mrs. Bennet⟧“Don't keep coughing so, Kitty, for heaven's sake! Have a little compassion on my nerves. You tear them to pieces.”

⟦Mr. Bennet⟧“Kitty has no discretion in her coughs,” said her father; ⟦Mr. Bennet⟧“she times them ill.”

⟦Kitty⟧“I do not cough for my own amusement,” replied Kitty fretfully. ⟦Mr. Bennet⟧“When is your next ball to be, Lizzy?”

⟦Elizabeth⟧“To-morrow fortnight.”

⟦Mrs. Bennet⟧“Aye, so it is,” cried her mother, ⟦Mrs. Bennet⟧“and Mrs. Long does not come back till the day before.”
""",
    "Doyle": """To Sherlock Holmes she is always the woman. I had seen little of Holmes lately. My marriage had drifted us away from each other.

His manner was not effusive. It seldom was; but he was glad, I think, to see me. With hardly a word spoken, but with a kindly eye, he waved me to an armchair, threw across his case of cigars, and stood before the fire.

⟦Holmes⟧“Wedlock suits you,” he remarked. ⟦Holmes⟧“I think, Watson, that you have put on seven and a half pounds since I saw you.”

⟦I⟧“Seven!” I answered.

⟦Holmes⟧“Indeed, I should have thought a little more. Just a trifle more, I fancy, Watson. And in practice again, I observe. You did not tell me that you intended to go into harness.”

⟦I⟧“Then, how do you know?”

⟦Holmes⟧“I see it, I deduce it. How do I know that you have been getting yourself very wet lately, and that you have a most clumsy and careless servant girl?”

⟦I⟧“My dear Holmes,” said I, ⟦I⟧“this is too much. You would certainly have been burned, had you lived a few centuries ago.”

He chuckled to himself and rubbed his long, nervous hands together.

⟦Holmes⟧“It is simplicity itself,” said he; ⟦Holmes⟧“my eyes tell me that on the inside of your left shoe, just where the firelight strikes it, the leather is scored by six almost parallel cuts.”

I could not help laughing at the ease with which he explained his process of deduction. ⟦I⟧“When I hear you give your reasons,” I remarked, ⟦I⟧“the thing always appears to me to be so ridiculously simple that I could easily do it myself.”

⟦Holmes⟧“Quite so,” he answered, lighting a cigarette, and throwing himself down into an armchair. ⟦Holmes⟧“You see, but you do not observe. The distinction is clear. For example, you have frequently seen the steps which lead up from the hall to this room.”

⟦I⟧“Frequently.”

⟦Holmes⟧“How often?”

⟦I⟧“Well, some hundreds of times.”

⟦Holmes⟧“Then how many are there?”

⟦I⟧“How many? I don't know.”

⟦Holmes⟧“Quite so! You have not observed. And yet you have seen. That is just my point.” He threw over a sheet of thick, pink-tinted notepaper which had been lying open upon the table. ⟦Holmes⟧“It came by the last post,” said he. ⟦Holmes⟧“Read it aloud.”

The note was undated, and without either signature or address.

⟦I⟧“This is indeed a mystery,” I remarked. ⟦I⟧“What do you imagine that it means?”

⟦Holmes⟧“I have no data yet. It is a capital mistake to theorize before one has data.”

A slow and heavy step, which had been heard upon the stairs and in the passage, paused immediately outside the door. Then there was a loud and authoritative tap.

⟦Holmes⟧“Come in!” said Holmes.

A man entered who could hardly have been less than six feet six inches in height.

⟦?⟧“You had my note?” he asked with a deep harsh voice and a strongly marked German accent. ⟦?⟧“I told you that I would call.” He looked from one to the other of us, as if uncertain which to address.

⟦Holmes⟧“Pray take a seat,” said Holmes. ⟦Holmes⟧“This is my friend and colleague, Dr. Watson, who is occasionally good enough to help me in my cases. Whom have I the honour to address?”
""",
    "Twain": """⟦Aunt Polly⟧"TOM!"

No answer.

⟦Aunt Polly⟧"TOM!"

No answer.

⟦Aunt Polly⟧"What's gone with that boy, I wonder? You TOM!"

No answer.

The old lady pulled her spectacles down and looked over them about the room; then she put them up and looked out under them. She looked perplexed for a moment, and then said, not fiercely, but still loud enough for the furniture to hear:

⟦Aunt Polly⟧"Well, I lay if I get hold of you I'll—"

She did not finish, for by this time she was bending down and punching under the bed with the broom.

⟦Aunt Polly⟧"I never did see the beat of that boy!"

There was a slight noise behind her and she turned just in time to seize a small boy by the slack of his roundabout and arrest his flight.

⟦Aunt Polly⟧"There! I might 'a' thought of that closet. What you been doing in there?"

⟦Tom⟧"Nothing."

⟦Aunt Polly⟧"Nothing! Look at your hands. And look at your mouth. What is that truck?"

⟦Tom⟧"I don't know, aunt."

⟦Aunt Polly⟧"Well, I know. It's jam—that's what it is. Forty times I've said if you didn't let that jam alone I'd skin you. Hand me that switch."

The switch hovered in the air—the peril was desperate—

⟦Tom⟧"My! Look behind you, aunt!"

The old lady whirled round, and snatched her skirts out of danger. The lad fled on the instant, scrambled up the high board-fence, and disappeared over it.

His aunt Polly stood surprised a moment, and then broke into a gentle laugh. Tom did play hookey, and he had a very good time.

While Tom was eating his supper, and stealing sugar as opportunity offered, Aunt Polly asked him questions that were full of guile, and very deep. Said she:

⟦Aunt Polly⟧"Tom, it was middling warm in school, warn't it?"

⟦Tom⟧"Yes'm."

⟦Aunt Polly⟧"Powerful warm, warn't it?"

⟦Tom⟧"Yes'm."

⟦Aunt Polly⟧"Didn't you want to go in a-swimming, Tom?"

A bit of a scare shot through Tom—a touch of uncomfortable suspicion. He searched Aunt Polly's face, but it told him nothing. So he said:

⟦Tom⟧"No'm—well, not very much."

The old lady reached out her hand and felt Tom's shirt, and said:

⟦Aunt Polly⟧"But you ain't too warm now, though."

And it flattered her to reflect that she had discovered that the shirt was dry without anybody knowing that that was what she had in her mind. But in spite of her, Tom knew where the wind lay, now. So he forestalled what might be the next move:

⟦Tom⟧"Some of us pumped on our heads—mine's damp yet. See?"

Aunt Polly was vexed to think she had overlooked that bit of circumstantial evidence, and missed a trick. Then she had a new inspiration:

⟦Aunt Polly⟧"Tom, you didn't have to undo your shirt collar where I sewed it, to pump on your head, did you? Unbutton your jacket!"

The trouble vanished out of Tom's face. He opened his jacket. His shirt collar was securely sewed.

⟦Aunt Polly⟧"Bother! Well, go 'long with you. I'd made sure you'd played hookey and been a-swimming."

She was half sorry her sagacity had miscarried, and half glad that Tom had stumbled into obedient conduct for once.

But Sidney said:

⟦Sidney⟧"Well, now, if I didn't think you sewed his collar with white thread, but it's black."

⟦Aunt Polly⟧"Why, I did sew it with white! Tom!"

But Tom did not wait for the rest. As he went out at the door he said:

⟦Tom⟧"Siddy, I'll lick you for that."
""",
    "Dickens": """My father's family name being Pirrip, and my Christian name Philip, my infant tongue could make of both names nothing longer or more explicit than Pip. So, I called myself Pip, and came to be called Pip.

⟦?⟧“Hold your noise!” cried a terrible voice, as a man started up from among the graves at the side of the church porch. ⟦?⟧“Keep still, you little devil, or I'll cut your throat!”

A fearful man, all in coarse grey, with a great iron on his leg.

⟦I|Pip⟧“Oh! Don't cut my throat, sir,” I pleaded in terror. ⟦I|Pip⟧“Pray don't do it, sir.”

⟦?⟧“Tell us your name!” said the man. ⟦?⟧“Quick!”

⟦I|Pip⟧“Pip, sir.”

⟦?⟧“Once more,” said the man, staring at me. ⟦?⟧“Give it mouth!”

⟦I|Pip⟧“Pip. Pip, sir.”

⟦?⟧“Show us where you live,” said the man. ⟦?⟧“Pint out the place!”

I pointed to where our village lay.

When I ran home from the churchyard, the forge was shut up, and Joe was sitting alone in the kitchen. Joe and I being fellow-sufferers, and having confidences as such, Joe imparted a confidence to me, the moment I raised the latch of the door and peeped in at him.

⟦Joe⟧“Mrs. Joe has been out a dozen times, looking for you, Pip. And she's out now, making it a baker's dozen.”

⟦I|Pip⟧“Is she?”

⟦Joe⟧“Yes, Pip,” said Joe; ⟦Joe⟧“and what's worse, she's got Tickler with her.”

⟦I|Pip⟧“Has she been gone long, Joe?” I always treated him as a larger species of child, and as no more than my equal.

⟦Joe⟧“Well,” said Joe, glancing up at the Dutch clock, ⟦Joe⟧“she's been on the Ram-page, this last spell, about five minutes, Pip. She's a-coming! Get behind the door, old chap.”

I took the advice. My sister, Mrs. Joe, throwing the door wide open, and finding an obstruction behind it, immediately divined the cause.

⟦Mrs. Joe⟧“Where have you been, you young monkey?” said Mrs. Joe, stamping her foot. ⟦Mrs. Joe⟧“Tell me directly what you've been doing to wear me away with fret and fright and worrit.”

⟦I|Pip⟧“I have only been to the churchyard,” said I, from my stool, crying and rubbing myself.

⟦Mrs. Joe⟧“Churchyard!” repeated my sister. ⟦Mrs. Joe⟧“If it warn't for me you'd have been to the churchyard long ago, and stayed there. Who brought you up by hand?”

⟦I|Pip⟧“You did,” said I.

⟦Mrs. Joe⟧“And why did I do it, I should like to know?” exclaimed my sister.

I whimpered, ⟦I|Pip⟧“I don't know.”

⟦Mrs. Joe⟧“I don't!” said my sister. ⟦Mrs. Joe⟧“I'd never do it again!”
""",
    "Barrie": """Wendy Moira Angela Darling sat up in bed. Peter was sitting on the floor, crying, and his sobs had woke her.

⟦Wendy⟧“Boy,” she said courteously, ⟦Wendy⟧“why are you crying?”

Peter could be exceeding polite also, having learned the grand manner at fairy ceremonies, and he rose and bowed to her beautifully. She was much pleased, and bowed beautifully to him from the bed.

⟦Peter⟧“What's your name?” he asked.

⟦Wendy⟧“Wendy Moira Angela Darling,” she replied with some satisfaction. ⟦Wendy⟧“What is your name?”

⟦Peter⟧“Peter Pan.”

She was already sure that he must be Peter, but it did seem a comparatively short name.

⟦Wendy⟧“Is that all?”

⟦Peter⟧“Yes,” he said rather sharply. He felt for the first time that it was a shortish name.

⟦Wendy⟧“I'm so sorry,” said Wendy.

⟦Peter⟧“It doesn't matter,” Peter gulped.

She asked where he lived.

⟦Peter⟧“Second to the right,” said Peter, ⟦Peter⟧“and then straight on till morning.”

⟦Wendy⟧“What a funny address!”

Peter had a sinking. For the first time he felt that perhaps it was a funny address.

⟦Peter⟧“No, it isn't,” he said.

⟦Wendy⟧“I mean,” Wendy said nicely, remembering that she was hostess, ⟦Wendy⟧“is that what they put on the letters?”

He wished she had not mentioned letters.

⟦Peter⟧“Don't get any letters,” he said contemptuously.

⟦Wendy⟧“But your mother gets letters?”

⟦Peter⟧“Don't have a mother,” he said. Not only had he no mother, but he had not the slightest desire to have one.

⟦Wendy⟧“O Peter, no wonder you were crying,” she said, and got out of bed and ran to him.

⟦Peter⟧“I wasn't crying about mothers,” he said rather indignantly. ⟦Peter⟧“I was crying because I can't get my shadow to stick on. Besides, I wasn't crying.”

⟦Wendy⟧“It has come off?”

⟦Peter⟧“Yes.”

Then Wendy saw the shadow on the floor, looking so draggled, and she was frightfully sorry for Peter. ⟦Wendy⟧“How awful!” she said, but she could not help smiling when she saw that he had been trying to stick it on with soap.

⟦Wendy⟧“It must be sewn on,” she said, just a little patronisingly.

⟦Peter⟧“What's sewn?” he asked.

⟦Wendy⟧“You're dreadfully ignorant.”

⟦Peter⟧“No, I'm not.”
""",
    "Emily Brontë": """I have just returned from a visit to my landlord, the solitary neighbour that I shall be troubled with. Mr. Heathcliff and I are such a suitable pair to divide the desolation between us.

⟦I|Lockwood⟧“Mr. Heathcliff?” I said.

A nod was the answer.

⟦I|Lockwood⟧“Mr. Lockwood, your new tenant, sir. I do myself the honour of calling as soon as possible after my arrival.”

⟦Heathcliff⟧“Thrushcross Grange is my own, sir,” he interrupted, wincing. ⟦Heathcliff⟧“I should not allow any one to inconvenience me, if I could hinder it—walk in!”

The “walk in” was uttered with closed teeth, and expressed the sentiment, Go to the deuce.

When he saw my horse's breast fairly pushing the barrier, he did put out his hand to unchain it, and then sullenly preceded me up the causeway, calling, as we entered the court,

⟦Heathcliff⟧“Joseph, take Mr. Lockwood's horse; and bring up some wine.”

Here we have the whole establishment of domestics, I suppose, was the reflection suggested by this compound order.

Joseph was an elderly, nay, an old man, very old, perhaps, though hale and sinewy.

⟦Joseph⟧“The Lord help us!” he soliloquised in an undertone of peevish displeasure, while relieving me of my horse.

I took a seat at the end of the hearthstone opposite that towards which my landlord advanced, and filled up an interval of silence by attempting to caress the canine mother.

⟦Heathcliff⟧“You'd better let the dog alone,” growled Mr. Heathcliff in unison, checking fiercer demonstrations with a punch of his foot. ⟦Heathcliff⟧“She's not accustomed to be spoiled—not kept for a pet.” Then, striding to a side door, he shouted again, ⟦Heathcliff⟧“Joseph!”

Joseph mumbled indistinctly in the depths of the cellar, but gave no intimation of ascending.

⟦Heathcliff⟧“What the devil is the matter?” he asked, eyeing me in a manner that I could ill endure.

⟦I|Lockwood⟧“What the devil, indeed!” I muttered. ⟦I|Lockwood⟧“The herd of possessed swine could have had no worse spirits in them than those animals of yours, sir.”

⟦Heathcliff⟧“They won't meddle with persons who touch nothing,” he remarked, putting the bottle before me. ⟦Heathcliff⟧“Take a glass of wine?”

⟦I|Lockwood⟧“No, thank you.”

⟦Heathcliff⟧“Not bitten, are you?”

⟦I|Lockwood⟧“If I had been, I would have set my signet on the biter.”

Heathcliff's countenance relaxed into a grin.

⟦Heathcliff⟧“Come, come,” he said, ⟦Heathcliff⟧“you are flurried, Mr. Lockwood. Here, take a little wine.”
""",
    "Charlotte Brontë": """Bessie Leaven had opened the door. Mrs. Reed occupied her usual seat by the fireside; she made a signal to me to approach; I did so, and she introduced me to the stony stranger with the words: ⟦Mrs. Reed⟧“This is the little girl respecting whom I applied to you.”

He, for it was a man, turned his head slowly towards where I stood. Mr. Brocklehurst examined me with two inquisitive grey eyes.

⟦Mr. Brocklehurst|?⟧“Her size is small: what is her age?”

⟦Mrs. Reed⟧“Ten years,” said Mrs. Reed.

⟦Mr. Brocklehurst⟧“So much?” was the doubtful answer. Presently he addressed me: ⟦Mr. Brocklehurst⟧“Your name, little girl?”

⟦I|Jane⟧“Jane Eyre, sir.”

⟦Mr. Brocklehurst⟧“Well, Jane Eyre, and are you a good child?”

Impossible to reply to this in the affirmative: my little world held a contrary opinion: I was silent. Mrs. Reed answered for me by an expressive shake of the head, adding soon, ⟦Mrs. Reed⟧“Perhaps the less said on that subject the better, Mr. Brocklehurst.”

⟦Mr. Brocklehurst⟧“Sorry indeed to hear it! she and I must have some talk;” and bending from the perpendicular, he installed his person in the arm-chair opposite Mrs. Reed's. ⟦Mr. Brocklehurst⟧“Come here,” he said.

I stepped across the rug; he placed me square and straight before him.

⟦Mr. Brocklehurst⟧“No sight so sad as that of a naughty child,” he began, ⟦Mr. Brocklehurst⟧“especially a naughty little girl. Do you know where the wicked go after death?”

⟦I|Jane⟧“They go to hell,” was my ready and orthodox answer.

⟦Mr. Brocklehurst⟧“And what is hell? Can you tell me that?”

⟦I|Jane⟧“A pit full of fire.”

⟦Mr. Brocklehurst⟧“And should you like to fall into that pit, and to be burning there for ever?”

⟦I|Jane⟧“No, sir.”

⟦Mr. Brocklehurst⟧“What must you do to avoid it?”

I deliberated a moment; my answer, when it did come, was objectionable: ⟦I|Jane⟧“I must keep in good health, and not die.”

⟦Mr. Brocklehurst⟧“How can you keep in good health? Children younger than you die daily. Do you say your prayers night and morning?” continued my interrogator.

⟦I|Jane⟧“Yes, sir.”

⟦Mr. Brocklehurst⟧“Do you read your Bible?”

⟦I|Jane⟧“Sometimes.”

⟦Mr. Brocklehurst⟧“With pleasure? Are you fond of it?”

⟦I|Jane⟧“I like Revelations, and the book of Daniel, and Genesis and Samuel.”

⟦Mr. Brocklehurst⟧“And the Psalms? I hope you like them?”

⟦I|Jane⟧“No, sir.”
""",
}
HELD_OUT: dict[str, str] = {
    "Baum": """While Dorothy was looking earnestly into the queer, painted face of the Scarecrow, she was surprised to see one of the eyes slowly wink at her.

⟦Scarecrow⟧“Good day,” said the Scarecrow, in a rather husky voice.

⟦Dorothy⟧“Did you speak?” asked the girl, in wonder.

⟦Scarecrow⟧“Certainly,” answered the Scarecrow. ⟦Scarecrow⟧“How do you do?”

⟦Dorothy⟧“I'm pretty well, thank you,” replied Dorothy politely. ⟦Dorothy⟧“How do you do?”

⟦Scarecrow⟧“I'm not feeling well,” said the Scarecrow, with a smile, ⟦Scarecrow⟧“for it is very tedious being perched up here night and day to scare away crows.”

⟦Dorothy⟧“Can't you get down?” asked Dorothy.

⟦Scarecrow⟧“No, for this pole is stuck up my back. If you will please take away the pole I shall be greatly obliged to you.”

Dorothy reached up both arms and lifted the figure off the pole, for, being stuffed with straw, it was quite light.

⟦Scarecrow⟧“Thank you very much,” said the Scarecrow, when he had been set down on the ground. ⟦Scarecrow⟧“I feel like a new man.”

Dorothy was puzzled at this, for it sounded queer to hear a stuffed man speak, and to see him bow and walk along beside her.

⟦Scarecrow⟧“Who are you?” asked the Scarecrow when he had stretched himself and yawned. ⟦Scarecrow⟧“And where are you going?”

⟦Dorothy⟧“My name is Dorothy,” said the girl, ⟦Dorothy⟧“and I am going to the Emerald City, to ask the Great Oz to send me back to Kansas.”

⟦Scarecrow⟧“Where is the Emerald City?” he inquired. ⟦Scarecrow⟧“And who is Oz?”

⟦Dorothy⟧“Why, don't you know?” she returned, in surprise.

⟦Scarecrow⟧“No, indeed. I don't know anything. You see, I am stuffed, so I have no brains at all,” he answered sadly.

⟦Dorothy⟧“Oh,” said Dorothy, ⟦Dorothy⟧“I'm awfully sorry for you.”

⟦Scarecrow⟧“Do you think,” he asked, ⟦Scarecrow⟧“if I go to the Emerald City with you, that Oz would give me some brains?”

⟦Dorothy⟧“I cannot tell,” she returned, ⟦Dorothy⟧“but you may come with me, if you like. If Oz will not give you any brains you will be no worse off than you are now.”

⟦Scarecrow⟧“That is true,” said the Scarecrow.
""",
    "Stevenson": """Mr. Enfield and the lawyer were on the other side of the by-street; but when they came abreast of the entry, the former lifted up his cane and pointed.

⟦Mr. Enfield⟧“Did you ever remark that door?” he asked; and when his companion had replied in the affirmative, ⟦Mr. Enfield⟧“It is connected in my mind,” added he, ⟦Mr. Enfield⟧“with a very odd story.”

⟦Mr. Utterson⟧“Indeed?” said Mr. Utterson, with a slight change of voice, ⟦Mr. Utterson⟧“and what was that?”

⟦Mr. Enfield⟧“Well, it was this way,” returned Mr. Enfield: ⟦Mr. Enfield⟧“I was coming home from some place at the end of the world, about three o'clock of a black winter morning.”

⟦Mr. Utterson⟧“Tut-tut,” said Mr. Utterson.

⟦Mr. Enfield⟧“I see you feel as I do,” said Mr. Enfield. ⟦Mr. Enfield⟧“Yes, it's a bad story.”

From this he was recalled by Mr. Utterson asking rather suddenly: ⟦Mr. Utterson⟧“And you don't know if the drawer of the cheque lives there?”

⟦Mr. Enfield⟧“A likely place, isn't it?” returned Mr. Enfield. ⟦Mr. Enfield⟧“But I happen to have noticed his address; he lives in some square or other.”

⟦Mr. Utterson⟧“And you never asked about the—place with the door?” said Mr. Utterson.

⟦Mr. Enfield⟧“No, sir; I had a delicacy,” was the reply. ⟦Mr. Enfield⟧“I feel very strongly about putting questions; it partakes too much of the style of the day of judgment.”

⟦Mr. Utterson⟧“A very good rule, too,” said the lawyer.

⟦Mr. Enfield⟧“But I have studied the place for myself,” continued Mr. Enfield. ⟦Mr. Enfield⟧“It seems scarcely a house.”

The pair walked on again for a while in silence; and then ⟦Mr. Utterson⟧“Enfield,” said Mr. Utterson, ⟦Mr. Utterson⟧“that's a good rule of yours.”

⟦Mr. Enfield⟧“Yes, I think it is,” returned Enfield.

⟦Mr. Utterson⟧“But for all that,” continued the lawyer, ⟦Mr. Utterson⟧“there's one point I want to ask: I want to ask the name of that man who walked over the child.”

⟦Mr. Enfield⟧“Well,” said Mr. Enfield, ⟦Mr. Enfield⟧“I can't see what harm it would do. It was a man of the name of Hyde.”

⟦Mr. Utterson⟧“Hm,” said Mr. Utterson. ⟦Mr. Utterson⟧“What sort of a man is he to see?”

⟦Mr. Enfield⟧“He is not easy to describe. There is something wrong with his appearance.”

Mr. Utterson again walked some way in silence and obviously under a weight of consideration. ⟦Mr. Utterson⟧“You are sure he used a key?” he inquired at last.

⟦Mr. Enfield⟧“My dear sir...” began Enfield, surprised out of himself.

⟦Mr. Utterson⟧“Yes, I know,” said Utterson; ⟦Mr. Utterson⟧“I know it must seem strange.”
""",
}
# fmt: on
