/// What the template `form` shows.
struct FormPage: PageModel {
    static let template = "form"

    let heading: String
    let form: FormModel
    let action: String
    /// The words of its button.
    let submit: String
    let cancel: Address
    let preview: PreviewModel?
}

/// The fields of a form with what was typed, and what is wrong with it.
struct FormModel: TemplatePart {
    let groups: [Group]
    /// The entity tag of what is changed.
    let tag: String?
    let problems: Problems?

    struct Group: TemplateValue {
        let title: String?
        let about: String?
        let fields: [Field]
        let isFolded: Bool
        let isOpen: Bool
    }

    struct Problems: TemplateValue {
        /// Errors of the form as a whole.
        let whole: String?
        let fields: [Message]
    }

    /// What is wrong with a field, with the way to it.
    struct Message: TemplateValue {
        let address: String
        let message: String
    }

    /// A field. One of the truth values says of what kind it is.
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
        var options: [ChoiceOption] = []
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

/// The template `confirm`: a question before something is done, with what it means.
struct ConfirmPage: PageModel {
    static let template = "confirm"

    let question: String
    let consequence: String
    /// What is concerned, by name.
    var uses: [String] = []
    var isUsed = false
    var usesTitle: String?
    let submit: String
    let cancel: Address
    let action: String
    var isHarmless = false
    var hidden: [HiddenField] = []
}

/// The template `refused`: why something was not done, and the way back.
struct RefusedPage: PageModel {
    static let template = "refused"

    let problem: String
    let back: Address
    let backWords: String
}
