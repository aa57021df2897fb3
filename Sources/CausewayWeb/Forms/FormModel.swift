/// The content of the template `form`.
struct FormPage: PageModel {
    static let template = "form"

    let heading: String
    let form: FormModel
    let action: String
    /// The label of its button.
    let submit: String
    let cancel: Address
    /// A sentence about how the form came to have its values.
    var note: String?
    let preview: PreviewModel?
    /// What saving starts.
    let notes: [FormNote]
    let hasNotes: Bool
}

/// What saving a form starts for another object.
struct FormNote: TemplateValue {
    let name: String
    let address: Address
    let words: String
}

/// The fields of a form, with the entered values and their errors.
struct FormModel: TemplatePart {
    let groups: [Group]
    /// The entity tag of the object that the form changes.
    let tag: String?
    /// What the form showed first, as JSON.
    let shownFirst: String?
    /// When it showed it, as the API writes times.
    let shown: String?
    /// What it showed before someone else saved, when that was, and what was entered.
    let was: String?
    let since: String?
    let mine: String?
    let conflict: ConflictModel?
    let problems: Problems?

    struct Group: TemplateValue {
        let title: String?
        let about: String?
        let fields: [Field]
        let isFolded: Bool
        let isOpen: Bool
        /// The place of the documentation that is about the group.
        let help: HelpPlace?
        let helpWords: String?
    }

    struct Problems: TemplateValue {
        /// Errors of the form as a whole.
        let whole: String?
        let fields: [Message]
    }

    /// The error of a field, with a link to the field.
    struct Message: TemplateValue {
        let address: String
        let message: String
    }

    /// A field. One of the Boolean properties says what kind of field it is.
    struct Field: TemplateValue {
        let name: String
        let label: String
        let hint: String?
        let error: String?
        let isOptional: Bool
        var value: String
        /// The elements that describe it, for `aria-describedby`.
        let describedBy: String?
        let derivedFrom: String?
        /// The place of the documentation that is about the field.
        let help: HelpPlace?
        var options: [ChoiceOption] = []
        var picker: PickerModel?
        var suggestions: SuggestionSource?
        var isChosen = false
        var isText = false
        var isEmail = false
        var isNumber = false
        var isFlag = false
        var isLong = false
        var isAttributes = false
        var isCode = false
        var isSecret = false
        var isChoice = false
        var isSeveral = false
        var isOne = false
        var isNamed = false
    }
}

/// The template `confirm`: asks before an action, and says what the action does.
struct ConfirmPage: PageModel {
    static let template = "confirm"

    let question: String
    let consequence: String
    /// The names of the affected objects.
    var uses: [String] = []
    var isUsed = false
    var usesTitle: String?
    let submit: String
    let cancel: Address
    let action: String
    var isHarmless = false
    var hidden: [HiddenField] = []
}

/// The template `refused`: says why an action was not done, and links back.
struct RefusedPage: PageModel {
    static let template = "refused"

    let problem: String
    let back: Address
    let backWords: String
}
