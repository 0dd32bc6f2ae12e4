/** What is known of one kind of factor. */
export interface FactorKind {
  readonly factorType: string;
  readonly provider: string;
  readonly vendorName: string;
  readonly idPrefix: string;
  /** How it is activated: at once, by a code sent to the user, by a code of a generator, or by a device's answer. */
  readonly activation: 'none' | 'sent-code' | 'generated-code' | 'device';
  readonly isOffered: boolean;
}

/** The kinds that an org may have; those `isOffered` stand in the catalog. */
export const FACTOR_KINDS: readonly FactorKind[] = [
  { factorType: 'question', provider: 'OKTA', vendorName: 'OKTA', idPrefix: 'ufs', activation: 'none', isOffered: true },
  {
    factorType: 'token:software:totp',
    provider: 'GOOGLE',
    vendorName: 'GOOGLE',
    idPrefix: 'uft',
    activation: 'generated-code',
    isOffered: true,
  },
  {
    factorType: 'token:software:totp',
    provider: 'OKTA',
    vendorName: 'OKTA',
    idPrefix: 'ost',
    activation: 'generated-code',
    isOffered: true,
  },
  { factorType: 'push', provider: 'OKTA', vendorName: 'OKTA', idPrefix: 'opf', activation: 'device', isOffered: true },
  { factorType: 'sms', provider: 'OKTA', vendorName: 'OKTA', idPrefix: 'mbl', activation: 'sent-code', isOffered: true },
  { factorType: 'call', provider: 'OKTA', vendorName: 'OKTA', idPrefix: 'clf', activation: 'sent-code', isOffered: true },
  { factorType: 'email', provider: 'OKTA', vendorName: 'OKTA', idPrefix: 'emf', activation: 'sent-code', isOffered: true },
  { factorType: 'webauthn', provider: 'FIDO', vendorName: 'FIDO', idPrefix: 'fwf', activation: 'device', isOffered: true },
  { factorType: 'u2f', provider: 'FIDO', vendorName: 'FIDO', idPrefix: 'fuf', activation: 'device', isOffered: true },
  { factorType: 'token:hardware', provider: 'YUBICO', vendorName: 'YUBICO', idPrefix: 'ykf', activation: 'none', isOffered: true },
  { factorType: 'token', provider: 'RSA', vendorName: 'RSA', idPrefix: 'rsf', activation: 'none', isOffered: false },
  { factorType: 'token', provider: 'SYMANTEC', vendorName: 'SYMANTEC', idPrefix: 'vmf', activation: 'none', isOffered: false },
  { factorType: 'web', provider: 'DUO', vendorName: 'DUO', idPrefix: 'dsf', activation: 'device', isOffered: false },
  { factorType: 'token:hotp', provider: 'CUSTOM', vendorName: 'CUSTOM', idPrefix: 'chf', activation: 'generated-code', isOffered: false },
  { factorType: 'hotp', provider: 'CUSTOM', vendorName: 'CUSTOM', idPrefix: 'chf', activation: 'generated-code', isOffered: false },
  { factorType: 'signed_nonce', provider: 'OKTA', vendorName: 'OKTA', idPrefix: 'pfd', activation: 'device', isOffered: false },
];

export function kindOf(factorType: string, provider: string): FactorKind | undefined {
  return FACTOR_KINDS.find((kind) => kind.factorType === factorType && kind.provider === provider);
}

/** Security questions by key. */
export const QUESTIONS: Readonly<Record<string, string>> = {
  disliked_food: 'Which food did you dislike most when you were small?',
  name_of_first_plush_toy: 'How was your first plush toy called?',
  first_award: 'For what did you get your first award?',
  favorite_security_question: 'Which security question do you like best?',
  favorite_toy: 'Which toy did you play with most as a child?',
  first_computer_game: 'Which computer game did you play first?',
  favorite_movie_quote: 'Which line of a film do you quote most?',
  first_sports_team_mascot: 'What was the mascot of your first sports team?',
  first_music_purchase: 'Which record or file did you buy first?',
  favorite_art_piece: 'Which piece of art do you like best?',
  grandmother_favorite_desert: 'Which dessert did your grandmother like best?',
  first_thing_cooked: 'What did you cook first?',
  childhood_dream_job: 'What did you want to become as a child?',
  place_where_significant_other_was_met: 'Where did you meet your partner?',
  favorite_vacation_location: 'Where did you spend your best holidays?',
  new_years_two_thousand: 'Where were you on the eve of the year 2000?',
  favorite_speaker_actor: 'Who is the speaker or actor that you like best?',
  favorite_book_movie_character: 'Which figure of a book or film do you like best?',
};
