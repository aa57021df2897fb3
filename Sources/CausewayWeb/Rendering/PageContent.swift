/// What a page shows, as its template reads it.
protocol PageModel: TemplateValue {
    /// The name of the template.
    static var template: String { get }
}

/// A page: what it shows, its title and where it belongs.
struct PageContent: Sendable {
    let template: String
    let title: String
    /// The entry of the navigation that it belongs to.
    let place: String?
    /// The pages above it.
    let trail: [PageLink]
    let members: [String: any Sendable]

    init(_ page: some PageModel, title: String, place: String? = nil, trail: [PageLink] = []) {
        template = type(of: page).template
        self.title = title
        self.place = place
        self.trail = trail
        members = page.templateMembers
    }
}

/// A link to a page of the interface.
struct PageLink: TemplateValue {
    let title: String
    let address: Address
}

/// The name of an object, with its page where it has one.
struct ObjectLink: TemplateValue {
    let name: String
    let address: Address?
}

/// A link of several, one of which leads to what is shown.
struct TabLink: TemplateValue {
    let title: String
    let address: String
    let isCurrent: Bool
}

/// Something to choose.
struct ChoiceOption: TemplateValue {
    let value: String
    let label: String
    let isChosen: Bool
    var id: String?
    var hint: String?
}

/// A field of a form that is sent but not shown.
struct HiddenField: TemplateValue {
    let name: String
    let value: String
}

/// A change of an attribute, with its values as they are read.
struct ShownChange: TemplateValue {
    let attribute: String
    let old: String
    let new: String
}
