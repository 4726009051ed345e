"""Passages in the public domain, some of seventy words each, for a synthesiser to read."""

# With the voice that reads each.
PASSAGES = [
    ("en-us", """Four score and seven years ago our fathers brought forth, upon this continent, a new nation, conceived
     in liberty, and dedicated to the proposition that all men are created equal. Now we are engaged in a great civil
     war, testing whether that nation, or any nation so conceived, and so dedicated, can long endure. We are met on a
     great battle field of that war. We have come to dedicate a portion of it, as a final resting place for those who
     here gave their lives that that nation might live. It is altogether fitting and proper that we should do this."""),
    ("en", """It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in
     want of a wife. However little known the feelings or views of such a man may be on his first entering a
     neighbourhood, this truth is so well fixed in the minds of the surrounding families, that he is considered as the
     rightful property of some one or other of their daughters."""),
    ("en-us+f3", """Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to
     do: once or twice she had peeped into the book her sister was reading, but it had no pictures or conversations in
     it, and what is the use of a book, thought Alice, without pictures or conversations?"""),
    ("en-us+m3", """Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my
     purse, and nothing particular to interest me on shore, I thought I would sail about a little and see the watery
     part of the world. It is a way I have of driving off the spleen and regulating the circulation. Whenever I find
     myself growing grim about the mouth; whenever it is a damp, drizzly November in my soul; then, I account it high
     time to get to sea as soon as I can."""),
    ("en-us+f2", """We the people of the United States, in order to form a more perfect union, establish justice, insure
     domestic tranquility, provide for the common defense, promote the general welfare, and secure the blessings of
     liberty to ourselves and our posterity, do ordain and establish this constitution."""),
    ("en+m7", """To Sherlock Holmes she is always the woman. I have seldom heard him mention her under any other
     name. In his eyes she eclipses and predominates the whole of her sex. It was not that he felt any emotion akin to
     love. All emotions, and that one particularly, were abhorrent to his cold, precise but admirably balanced mind. He
     was, I take it, the most perfect reasoning and observing machine that the world has seen."""),
    ("en-us", """You don't know about me, without you have read a book by the name of The Adventures of Tom Sawyer, but
     that ain't no matter. That book was made by Mister Mark Twain, and he told the truth, mainly. There was things
     which he stretched, but mainly he told the truth. That is nothing. I never seen anybody but lied, one time or
     another, without it was Aunt Polly, or the widow, or maybe Mary."""),
    ("en+f4", """There was no possibility of taking a walk that day. We had been wandering, indeed, in the leafless
     shrubbery an hour in the morning; but since dinner the cold winter wind had brought with it clouds so sombre, and a
     rain so penetrating, that further outdoor exercise was now out of the question. I was glad of it. I never liked
     long walks, especially on chilly afternoons."""),
    ("en-us+m1", """The north wind and the sun were disputing which was the stronger, when a traveller came along wrapped
     in a warm cloak. They agreed that the one who first succeeded in making the traveller take his cloak off should be
     considered stronger than the other. Then the north wind blew as hard as he could, but the more he blew, the more
     closely did the traveller fold his cloak around him; and at last the north wind gave up the attempt."""),
]
