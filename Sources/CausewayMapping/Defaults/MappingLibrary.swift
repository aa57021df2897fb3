package import CausewayModel

/// Ready mappings to read, copy and change; a provider uses one only if an administrator selects it.
package struct LibraryMapping: Sendable {
    package let kind: ObjectKind
    /// What it does and what to adapt, in a sentence or two.
    package let about: String
    package let mapping: PropertyMapping

    /// Reads a file of the library: `# Name:`, `# Kind:` and `# About:` lines, and the expression.
    ///
    /// - Parameter key: the file's name without its extension.
    init?(key: String, text: String) {
        var header: [String: String] = [:]
        var last = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).prefix(while: { $0.hasPrefix("# ") })
        {
            let content = line.dropFirst(2)
            if let name = ["Name", "Kind", "About"].first(where: { content.hasPrefix("\($0): ") }) {
                header[name] = String(content.dropFirst(name.count + 2))
                last = name
            } else if content.hasPrefix("  ") {
                header[last]? += " " + content.drop { $0 == " " }
            }
        }
        guard let name = header["Name"], let kind = header["Kind"].flatMap(ObjectKind.init(rawValue:)),
            let about = header["About"]
        else { return nil }
        self.kind = kind
        self.about = about
        mapping = PropertyMapping(managed: "causeway/library/\(key)", name: name, expression: text)
    }
}

/// The library.
package enum MappingLibrary {
    /// All of it, users first, by name.
    package static let all: [LibraryMapping] = files.compactMap { key, bytes in
        LibraryMapping(key: key, text: String(decoding: bytes, as: UTF8.self))
    }.sorted { ($0.kind == .group ? 1 : 0, $0.mapping.name) < ($1.kind == .group ? 1 : 0, $1.mapping.name) }

    /// Grows with every change of a mapping that comes with the product, so that an older program leaves those of a newer one alone.
    package static let revision: Int64 = 1

    /// Every mapping that comes with the product: the defaults and the library.
    package static let managed: [PropertyMapping] = [DefaultMappings.user, DefaultMappings.group] + all.map(\.mapping)

    private static let files: [(String, [UInt8])] = [
        ("email-verified-users", PackageResources.email_verified_users_py),
        ("employee-data", PackageResources.employee_data_py),
        ("extension-attributes", PackageResources.extension_attributes_py),
        ("group-microsoft-365", PackageResources.group_microsoft_365_py),
        ("group-security", PackageResources.group_security_py),
        ("group-skip-rules", PackageResources.group_skip_rules_py),
        ("guests", PackageResources.guests_py),
        ("licences-by-group", PackageResources.licences_by_group_py),
        ("manager", PackageResources.manager_py),
        ("names-split", PackageResources.names_split_py),
        ("nicknames", PackageResources.nicknames_py),
        ("phone-numbers", PackageResources.phone_numbers_py),
        ("preferred-language", PackageResources.preferred_language_py),
        ("skip-rules", PackageResources.skip_rules_py),
        ("usage-location-by-group", PackageResources.usage_location_by_group_py),
        ("user-principal-name", PackageResources.user_principal_name_py),
    ]
}
