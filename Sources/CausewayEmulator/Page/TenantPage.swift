/// The tenant's read-only page: its content, its requests, and how close to its limits the tenant is. Its files are in
/// `Resources/page`; they are built into the program and served as one document, so that no file has to be found at runtime.
enum TenantPage {
    static func html(tenant: TenantSettings) -> String {
        let values = [
            "name": escaped(tenant.name),
            "domain": escaped(VerifiedDomains(tenant).standard),
            "base": escaped("/_control/tenants/\(tenant.id)"),
            "style": style,
            "script": script,
        ]
        return document.replacing(/\{\{([a-z]+)\}\}/) { values[String($0.1)] ?? "" }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    /// With `{{name}}` for a value.
    private static let document = String(decoding: PackageResources.index_html, as: UTF8.self)
    private static let style = String(decoding: PackageResources.style_css, as: UTF8.self)
    private static let script = String(decoding: PackageResources.page_js, as: UTF8.self)
}
