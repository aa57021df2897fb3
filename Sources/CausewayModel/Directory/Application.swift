import Foundation

/// Whether all policies must agree or one is enough (authentik); stored for clients, since Causeway has no policies.
package enum PolicyEngineMode: String, FieldWord {
    case all, any
}

/// An application: what people see, and what switches a provider on by using it.
package struct Application: Hashable, Sendable {
    package let id: ApplicationID
    package var name: String
    /// Part of URLs; unique.
    package var slug: String
    /// The heading in the library; may be empty.
    package var group: String
    package var launchURL: String
    package var description: String
    package var publisher: String
    /// An address or a name of an icon; may be empty.
    package var icon: String
    package var opensInNewTab: Bool
    /// Whether it is hidden in people's library.
    package var isHidden: Bool
    package var policyEngineMode: PolicyEngineMode
    /// The provider for sign-in; nil for none.
    package var provider: ProviderID?
    /// Backchannel providers of this application; a provider has at most one application.
    package var backchannelProviders: [ProviderID]

    private static let reservedSlugs: Set<String> = [
        "authorize", "token", "device", "userinfo", "introspect", "revoke",
    ]

    package init(
        id: ApplicationID = .random(),
        name: String,
        slug: String,
        group: String = "",
        launchURL: String = "",
        description: String = "",
        publisher: String = "",
        icon: String = "",
        opensInNewTab: Bool = false,
        isHidden: Bool = false,
        policyEngineMode: PolicyEngineMode = .any,
        provider: ProviderID? = nil,
        backchannelProviders: [ProviderID] = []
    ) {
        self.id = id
        self.name = name
        self.slug = slug
        self.group = group
        self.launchURL = launchURL
        self.description = description
        self.publisher = publisher
        self.icon = icon
        self.opensInNewTab = opensInNewTab
        self.isHidden = isHidden
        self.policyEngineMode = policyEngineMode
        self.provider = provider
        self.backchannelProviders = backchannelProviders
    }

    /// Checks the rules of authentik's application model.
    ///
    /// - Throws: ``ValidationError`` with every field that breaks one.
    package func validate() throws(ValidationError) {
        var error = ValidationError()
        error.require(!name.isEmpty, "name", "This field may not be blank.")
        error.require(
            !slug.isEmpty && Self.isSlug(slug),
            "slug",
            "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
        )
        error.require(!Self.reservedSlugs.contains(slug), "slug", "The slug '\(slug)' is reserved; choose another one.")
        try error.throwIfAny()
    }

    /// Whether a text holds nothing but ASCII letters, digits, underscores and hyphens.
    package static func isSlug(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

extension Application {
    /// The fields that people set, except its providers.
    package static let fields: [Field<Application>] = [
        .text("name", \.name), .text("slug", \.slug), .text("group", \.group),
        .text("meta_launch_url", \.launchURL), .text("meta_description", \.description),
        .text("meta_publisher", \.publisher), .text("meta_icon", \.icon), .flag("open_in_new_tab", \.opensInNewTab),
        .flag("meta_hide", \.isHidden), .choice("policy_engine_mode", \.policyEngineMode),
    ]
}
