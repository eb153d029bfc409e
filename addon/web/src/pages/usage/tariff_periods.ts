/** What each period of the tariff came to, by register. */

import { html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { TariffCostAnswer } from "../../api/costs";
import { percent, UNKNOWN, written } from "../../format/numbers";
import { energy, money, price } from "../../format/units";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import type { Column } from "../../table/columns";
import "../../table/data_table";
import { texts } from "../../texts/texts";
import { ofRegistersWithPeriods, periodName, shareOfChannel } from "./tariff_names";

@customElement("tariff-periods")
export class TariffPeriods extends LitElement {
  static override styles = shared;

  @property({ attribute: false }) periods: readonly TariffCostAnswer[] = [];

  override render() {
    const rows = ofRegistersWithPeriods(this.periods);
    if (rows.length === 0) return nothing;
    const words = texts.usage.tariff;
    return html`<panel-card source="amber" heading=${words.heading}>
      <data-table
        label=${words.heading}
        .columns=${this.columns()}
        .rows=${rows}
        isSorted
      ></data-table>
    </panel-card>`;
  }

  private columns(): readonly Column<TariffCostAnswer>[] {
    const words = texts.usage.tariff;
    const figure = (
      key: string,
      label: string,
      show: (one: TariffCostAnswer) => string,
    ): Column<TariffCostAnswer> => ({ key, label, isNumber: true, show });
    return [
      { key: "period", label: words.period, show: periodName },
      {
        key: "channel",
        label: words.channel,
        show: (one) => texts.sites.channels[one.channel_type] ?? one.channel_type,
      },
      figure("energy", words.energy, (one) => written(energy(one.energy_kwh))),
      figure("share", words.share, (one) => {
        const share = shareOfChannel(one, this.periods);
        return share === null ? UNKNOWN : percent(share);
      }),
      figure("cost", words.cost, (one) => money(one.cost_aud)),
      figure("mean", words.mean, (one) =>
        written(
          price(
            one.cost_aud === null || one.energy_kwh === 0
              ? null
              : one.cost_aud / one.energy_kwh,
          ),
        ),
      ),
    ];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tariff-periods": TariffPeriods;
  }
}
