from django.contrib import admin
from django.urls import URLPattern
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from insights.admin import money
from insights.models import Need


@admin.register(Need)
class NeedAdmin(ModelAdmin):
    list_display = ["creator", "pain", "tier", "importance", "satisfaction", "with_tool", "at"]
    list_select_related = ["creator", "pain"]
    list_filter = [("tier", ChoicesDropdownFilter), ("pain", RelatedDropdownFilter)]
    list_filter_submit = True
    list_per_page = 50
    autocomplete_fields = ["creator", "pain"]
    search_fields = ["creator__name", "pain__title_zh", "pain__title_en"]

    def get_urls(self) -> list[URLPattern]:
        return [*money.urls(self.admin_site), *super().get_urls()]
