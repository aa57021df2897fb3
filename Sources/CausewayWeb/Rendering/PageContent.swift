/// The content of a page, for its template.
protocol PageModel: TemplateValue {
    /// The name of the template.
    static var template: String { get }
}

/// A page: its content, its title and its place in the navigation.
struct PageContent: Sendable {
    let page: any PageModel
    let title: String
    /// Its entry in the navigation.
    let place: String?
    /// The pages above it.
    let trail: [PageLink]

    var template: String { type(of: page).template }

    init(_ page: some PageModel, title: String, place: String? = nil, trail: [PageLink] = []) {
        self.page = page
        self.title = title
        self.place = place
        self.trail = trail
    }
}

/// A link to a page of the interface.
struct PageLink: TemplateValue {
    let title: String
    let address: Address
}

/// The name of an object, with its page if it has one.
struct ShownObject: TemplateValue {
    let name: String
    let address: Address?
}

/// A tab: one of several links, of which one is the current page.
struct TabLink: TemplateValue {
    let title: String
    let address: String
    let isCurrent: Bool
}

/// An option of a choice.
struct ChoiceOption: TemplateValue {
    let value: String
    let label: String
    let isChosen: Bool
    var id: String?
    var hint: String?
}

/// A hidden field of a form.
struct HiddenField: TemplateValue {
    let name: String
    let value: String
}

/// A change of an attribute, with formatted values; nil for none.
struct ShownChange: TemplateValue {
    let attribute: String
    let old: String?
    let new: String?
}
